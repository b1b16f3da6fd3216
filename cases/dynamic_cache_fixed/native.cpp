// The cache of case.py as a C++ class, and the model of case.py written in LibTorch, which the
// worker compares with every run of the model and of the exported program.
#include <exportgate/native.h>

namespace {

class DynamicCache {
  public:
    std::vector<at::Tensor> key_cache;
    std::vector<at::Tensor> value_cache;

    /// Appends along the length (dim -2), or adds the layer where it does not exist yet.
    std::pair<at::Tensor, at::Tensor> update(const at::Tensor& key_states,
                                             const at::Tensor& value_states,
                                             std::size_t layer_index) {
        if (key_cache.size() <= layer_index) {
            key_cache.resize(layer_index);
            value_cache.resize(layer_index);
            key_cache.push_back(key_states);
            value_cache.push_back(value_states);
        } else {
            key_cache[layer_index] = at::cat({key_cache[layer_index], key_states}, -2);
            value_cache[layer_index] = at::cat({value_cache[layer_index], value_states}, -2);
        }
        return {key_cache[layer_index], value_cache[layer_index]};
    }

    /// A SymInt, so that an exporter that passes fake tensors sees which size the length comes
    /// from.
    c10::SymInt get_seq_length(std::size_t layer_index) const {
        if (key_cache.size() <= layer_index || !key_cache[layer_index].defined()) {
            return 0;
        }
        return key_cache[layer_index].sym_size(-2);
    }
};

/// y of the model in case.py for the leaves in the order in which case.toml declares them.
at::Tensor reference(const at::Tensor& x, const at::Tensor& key, const at::Tensor& value) {
    const at::Tensor zeros = at::zeros({key.size(0), key.size(1), key.size(-2), key.size(-1)});
    const at::Tensor w = value + key + zeros;
    return x + w.sum(2, /*keepdim=*/true);
}

}  // namespace

PYBIND11_MODULE(EXPORTGATE_NATIVE_MODULE, module) {
    pybind11::class_<DynamicCache>(module, "DynamicCache")
        .def(pybind11::init<>())
        .def_readwrite("key_cache", &DynamicCache::key_cache)
        .def_readwrite("value_cache", &DynamicCache::value_cache)
        .def("update", &DynamicCache::update, pybind11::arg("key_states"),
             pybind11::arg("value_states"), pybind11::arg("layer_idx") = 0)
        .def("get_seq_length", &DynamicCache::get_seq_length, pybind11::arg("layer_idx") = 0);
    module.def("reference", &reference);
}
