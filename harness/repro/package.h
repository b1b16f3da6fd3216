// exportgate_repro/, as it is in the sources.
#pragma once

#include "environment/ask_python.h"

namespace exportgate::repro {

extern const environment::PythonPackage package;

}  // namespace exportgate::repro
