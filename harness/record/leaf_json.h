// Leaves of a declaration in JSON (harness/worker/PROTOCOL.md). What is the default is left out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "matrix/case.h"
#include "record/described.h"

namespace exportgate::record {

/// The parts of a leaf whose spelling depends on their value, or on the dims of its case.
struct LeafPart {
    const matrix::Leaf& leaf;
    const std::vector<matrix::Dim>& dims;

    void read(Reader& reader, const char* key, std::vector<matrix::Extent>& shape) const;
    void read(Reader& reader, const char* key, matrix::Values& values) const;
    void read(Reader& reader, const char* key, matrix::Layout& layout) const;
    static Ordered write(const std::vector<matrix::Extent>& shape);
    static Ordered write(const matrix::Values& values);
    static Ordered write(const matrix::Layout& layout);

    /// Which key it has says what it is: "none", "value", "string", "type". A tensor has none of
    /// them.
    void read(Reader& reader, std::optional<matrix::Constant>& constant) const;
    static void write(Ordered& json, const std::optional<matrix::Constant>& constant);
};

/// Is every one of `names` a dim of `dims`?
bool all_declared(const std::vector<std::string>& names, const std::vector<matrix::Dim>& dims);

template <>
inline constexpr auto described<matrix::Leaf> = Fields("a leaf", [](auto& of, auto& it,
                                                                    auto& dims) {
    const LeafPart part{it, dims};
    of.required("name", it.name);
    of.by_hand(it.constant, part);
    if (it.constant) {
        of.optional("dynamic", it.is_dynamic);
        return;
    }
    of.required("shape", it.shape, part);
    of.required("dtype", it.dtype);
    of.optional("values", it.values, part);
    of.optional("layout", it.layout, part);
    of.optional("same_as", it.same_as);
});

}  // namespace exportgate::record
