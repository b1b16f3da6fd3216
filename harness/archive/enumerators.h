// Numbers that stand for dtypes, layouts and memory formats in saved programs
// (torch/_export/serde/schema.py, the same from 2.6 to 2.15), in torch's words and those of prints.
#pragma once

#include <cstdint>
#include <string_view>

namespace exportgate::archive {

struct Dtype {
    std::string_view name;   // "float32"
    std::string_view print;  // "f32"
    std::size_t bytes = 0;   // of an element
};

/// Null: unknown.
const Dtype* dtype_of_number(std::int64_t number);
/// Of the storage class in torch.save: "FloatStorage". Null: unknown.
const Dtype* dtype_of_storage(std::string_view storage);
/// Of "float32". Null: unknown.
const Dtype* dtype_of_name(std::string_view name);

/// Empty: unknown.
std::string_view layout_of_number(std::int64_t number);
std::string_view memory_format_of_number(std::int64_t number);

}  // namespace exportgate::archive
