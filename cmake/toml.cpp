/// The implementation of toml++, compiled once (ExportgateLibraries.cmake).
#define TOML_IMPLEMENTATION
#include <toml++/toml.h>
