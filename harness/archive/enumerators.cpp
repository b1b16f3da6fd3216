#include "archive/enumerators.h"

#include <array>

namespace exportgate::archive {
namespace {

struct KnownDtype {
    std::int64_t number;
    std::string_view storage;  // empty: torch.save has no class of its own for it
    Dtype dtype;
};

constexpr std::array<KnownDtype, 21> dtypes = {{
    {1, "ByteStorage", {"uint8", "u8", 1}},
    {2, "CharStorage", {"int8", "i8", 1}},
    {3, "ShortStorage", {"int16", "i16", 2}},
    {4, "IntStorage", {"int32", "i32", 4}},
    {5, "LongStorage", {"int64", "i64", 8}},
    {6, "HalfStorage", {"float16", "f16", 2}},
    {7, "FloatStorage", {"float32", "f32", 4}},
    {8, "DoubleStorage", {"float64", "f64", 8}},
    {9, "", {"complex32", "c32", 4}},
    {10, "ComplexFloatStorage", {"complex64", "c64", 8}},
    {11, "ComplexDoubleStorage", {"complex128", "c128", 16}},
    {12, "BoolStorage", {"bool", "b8", 1}},
    {13, "BFloat16Storage", {"bfloat16", "bf16", 2}},
    {28, "", {"uint16", "u16", 2}},
    {29, "", {"float8_e4m3fn", "f8e4m3fn", 1}},
    {30, "", {"float8_e5m2", "f8e5m2", 1}},
    {31, "", {"float8_e4m3fnuz", "f8e4m3fnuz", 1}},
    {32, "", {"float8_e5m2fnuz", "f8e5m2fnuz", 1}},
    {33, "", {"float8_e8m0fnu", "f8e8m0fnu", 1}},
    {34, "", {"uint32", "u32", 4}},
    {35, "", {"uint64", "u64", 8}},
}};

constexpr std::array<std::string_view, 8> layouts = {
    "", "sparse_coo", "sparse_csr", "sparse_csc", "sparse_bsr", "sparse_bsc", "_mkldnn", "strided"};
constexpr std::array<std::string_view, 5> memory_formats = {
    "", "contiguous_format", "channels_last", "channels_last_3d", "preserve_format"};

template <class Names>
std::string_view named(const Names& names, std::int64_t number) {
    return number >= 0 && number < static_cast<std::int64_t>(names.size())
               ? names[static_cast<std::size_t>(number)]
               : std::string_view();
}

}  // namespace

const Dtype* dtype_of_number(std::int64_t number) {
    for (const KnownDtype& known : dtypes)
        if (known.number == number) return &known.dtype;
    return nullptr;
}

const Dtype* dtype_of_storage(std::string_view storage) {
    for (const KnownDtype& known : dtypes)
        if (!known.storage.empty() && known.storage == storage) return &known.dtype;
    return nullptr;
}

const Dtype* dtype_of_name(std::string_view name) {
    for (const KnownDtype& known : dtypes)
        if (known.dtype.name == name) return &known.dtype;
    return nullptr;
}

std::string_view layout_of_number(std::int64_t number) {
    return named(layouts, number);
}

std::string_view memory_format_of_number(std::int64_t number) {
    return named(memory_formats, number);
}

}  // namespace exportgate::archive
