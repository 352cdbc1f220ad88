"""An example company whose answers are all made up, marked as a demo wherever they show."""
