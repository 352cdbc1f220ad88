"""Ways in beside the open link and the mailed invitation: poster, kiosk, the company's own site."""
