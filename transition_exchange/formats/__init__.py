"""What comes in and goes out besides the form itself."""
