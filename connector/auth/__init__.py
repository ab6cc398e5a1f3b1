"""Ways of proving who calls and of calling, one module each."""
