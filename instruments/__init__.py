"""Controls that live in the browser: a Python wrapper beside one ES module and one stylesheet each."""
