// The class of case.py in C++, and its model in LibTorch, `reference`, with which the worker
// compares the model of case.py and every run of an exported program.
#include <exportgate/native.h>

namespace {

struct MyCache {  // 1. your class
    at::Tensor keys;
    at::Tensor values;
};

/// 2. What the model returns for the leaves, in the order of case.toml.
at::Tensor reference(const at::Tensor& query, const at::Tensor& keys, const at::Tensor& values) {
    return at::matmul(at::softmax(at::matmul(query, keys.transpose(-1, -2)), -1), values);
}

}  // namespace

PYBIND11_MODULE(EXPORTGATE_NATIVE_MODULE, module) {
    namespace py = pybind11;
    py::class_<MyCache>(module, "MyCache")
        .def(py::init<at::Tensor, at::Tensor>())
        .def_readwrite("keys", &MyCache::keys)
        .def_readwrite("values", &MyCache::values)
        // torch.export.save pickles the example inputs.
        .def(py::pickle(
            [](const MyCache& cache) { return py::make_tuple(cache.keys, cache.values); },
            [](const py::tuple& state) {
                return MyCache{state[0].cast<at::Tensor>(), state[1].cast<at::Tensor>()};
            }));
    module.def("reference", &reference);
}
