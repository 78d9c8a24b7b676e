"""What Doorstep claims about speed and loss, as one command that anyone can run: `make bench`."""
