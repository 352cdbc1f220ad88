"""What every room stands on; knows nothing of customers, surveys or causes."""
