#include "built_for.h"

namespace exportgate::worker {

const char* python_executable() {
    return EXPORTGATE_PYTHON;
}

int cxx11_abi() {
    return EXPORTGATE_CXX11_ABI;
}

}  // namespace exportgate::worker
