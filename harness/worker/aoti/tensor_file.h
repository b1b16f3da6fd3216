// Tensors as files: the bytes of their elements in row-major order (docs/consumers.md).
#pragma once

#include <ATen/ATen.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace exportgate {

inline const std::vector<std::pair<std::string, at::ScalarType>>& dtypes() {
    static const std::vector<std::pair<std::string, at::ScalarType>> all{
        {"float64", at::kDouble},    {"float32", at::kFloat}, {"float16", at::kHalf},
        {"bfloat16", at::kBFloat16}, {"int64", at::kLong},    {"int32", at::kInt},
        {"int16", at::kShort},       {"int8", at::kChar},     {"uint8", at::kByte},
        {"bool", at::kBool}};
    return all;
}

/// Throws where the file is not there, or has another size than dtype and shape say.
inline at::Tensor read_tensor(const nlohmann::json& described) {
    const auto name = described.at("dtype").get<std::string>();
    const auto file = described.at("file").get<std::string>();
    for (const auto& [known, dtype] : dtypes()) {
        if (known != name) continue;
        at::Tensor tensor = at::empty(described.at("shape").get<std::vector<std::int64_t>>(),
                                      at::TensorOptions().dtype(dtype));
        std::ifstream content(file, std::ios::binary);
        content.read(static_cast<char*>(tensor.data_ptr()),
                     static_cast<std::streamsize>(tensor.nbytes()));
        const bool is_whole = content && content.peek() == std::ifstream::traits_type::eof();
        if (!is_whole) throw std::runtime_error(file + " is not the tensor that was announced");
        return tensor;
    }
    throw std::runtime_error("tensors of " + name + " are not known here");
}

/// Throws where it cannot be written.
inline nlohmann::json write_tensor(const at::Tensor& tensor, const std::string& file) {
    const at::Tensor plain = tensor.detach().contiguous();
    for (const auto& [name, dtype] : dtypes()) {
        if (dtype != plain.scalar_type()) continue;
        std::ofstream content(file, std::ios::binary);
        content.write(static_cast<const char*>(plain.data_ptr()),
                      static_cast<std::streamsize>(plain.nbytes()));
        content.close();
        if (!content) throw std::runtime_error(file + " cannot be written");
        return {{"file", file}, {"dtype", name}, {"shape", plain.sizes().vec()}};
    }
    throw std::runtime_error("an output of a dtype that is not known here");
}

}  // namespace exportgate
