"""What an administrator does from the command line, one module per noun; `guanxi.config.cli` reads the words."""
