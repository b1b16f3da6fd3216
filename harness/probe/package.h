// exportgate_probe/, as it is in the sources.
#pragma once

#include "environment/ask_python.h"

namespace exportgate::probe {

extern const environment::PythonPackage package;

}  // namespace exportgate::probe
