// The environment that this worker was built for. No other file hangs on it.
#pragma once

namespace exportgate::worker {

/// The path of the interpreter.
const char* python_executable();

/// _GLIBCXX_USE_CXX11_ABI of its torch.
int cxx11_abi();

}  // namespace exportgate::worker
