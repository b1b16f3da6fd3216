"""Makes a case of a class that is there: `exportgate try`, in the interpreter of the user."""
