// What a case's native.cpp includes: tensors, and their conversion from and to Python. Not
// torch/extension.h, which pulls in the whole C++ frontend and takes twice as long to compile.
//
// A native.cpp defines its module with PYBIND11_MODULE(EXPORTGATE_NATIVE_MODULE, module); the build
// gives the name, native_<case>.
#pragma once

#include <ATen/ATen.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <torch/csrc/autograd/python_variable.h>
#include <torch/csrc/utils/pybind.h>
