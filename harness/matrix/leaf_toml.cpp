// Leaves: a shape, or an inline table of shape, dtype, values and layout, or of one Python value.
#include "matrix/leaf_toml.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "base/text.h"
#include "matrix/leaf_parts_toml.h"

namespace exportgate::matrix {
namespace {

/// torch's dtypes that a tensor of random or zero values can have on a CPU.
const std::vector<std::string>& dtypes() {
    static const std::vector<std::string> names{
        "float32", "float64",   "float16",    "bfloat16",      "int64",      "int32",
        "int16",   "int8",      "uint8",      "bool",          "uint16",     "uint32",
        "uint64",  "complex64", "complex128", "float8_e4m3fn", "float8_e5m2"};
    return names;
}

std::vector<Extent> read_shape(const std::string& leaf, const toml::array& array,
                               const std::vector<Dim>& dims, Mistakes& mistakes) {
    std::vector<Extent> shape;
    for (const toml::node& node : array) {
        if (const auto* number = node.as_integer()) {
            if (number->get() < 0) {
                mistakes.add(line_of(node), fmt::format("leaf \"{}\" has a negative extent, {}",
                                                        leaf, number->get()));
            }
            shape.emplace_back(number->get());
        } else if (const auto* name = node.as_string()) {
            shape.emplace_back(read_expression(name->get(), line_of(node), dims, mistakes));
        } else {
            mistakes.add(
                line_of(node),
                fmt::format("the shape of leaf \"{}\" holds {}, expected numbers and names of dims",
                            leaf, kind_of(node)));
        }
    }
    return shape;
}

/// { same_as = "k" }: the tensor of an earlier leaf once more.
void read_same_as(const Entry& entry, const toml::table& table, std::span<const Leaf> earlier,
                  Leaf& leaf, Mistakes& mistakes) {
    const std::string name = read_string(entry, mistakes);
    if (table.size() > 1) {
        mistakes.add(entry.line,
                     fmt::format("leaf \"{}\" has \"same_as\" and something else", leaf.name),
                     "its shape, dtype and values are those of the other leaf");
    }
    const auto found = std::find_if(earlier.begin(), earlier.end(),
                                    [&](const Leaf& one) { return one.name == name; });
    if (found == earlier.end() || found->constant) {
        std::vector<std::string> tensors;
        for (const Leaf& one : earlier) {
            if (!one.constant) tensors.push_back(one.name);
        }
        mistakes.add(entry.line,
                     fmt::format("leaf \"{}\" is the same as \"{}\", which is no tensor above it",
                                 leaf.name, name),
                     suggestion(name, tensors));
        return;
    }
    const std::string own_name = leaf.name;
    const std::string origin = found->same_as.empty() ? found->name : found->same_as;
    leaf = *found;
    leaf.name = own_name;
    leaf.same_as = origin;
}

void read_dtype(const Entry& entry, Leaf& leaf, Mistakes& mistakes) {
    leaf.dtype = read_string(entry, mistakes);
    if (!entry.value->is_string() ||
        std::find(dtypes().begin(), dtypes().end(), leaf.dtype) != dtypes().end())
        return;
    const std::string_view bare =
        leaf.dtype.starts_with("torch.") ? std::string_view(leaf.dtype).substr(6) : leaf.dtype;
    mistakes.add(entry.line, fmt::format("unknown dtype \"{}\"", leaf.dtype),
                 suggestion(bare, dtypes()));
}

void read_tensor(const Entry& entry, const toml::table& table, const std::vector<Dim>& dims,
                 Leaves which, Leaf& leaf, Mistakes& mistakes) {
    static const std::vector<std::string> of_inputs{"shape", "dtype",   "values", "layout",
                                                    "value", "dynamic", "string", "same_as"};
    static const std::vector<std::string> of_outputs{"shape", "dtype", "value", "string", "type"};
    if (!table.contains("shape"))
        mistakes.add(entry.line, fmt::format("leaf \"{}\" has no shape", leaf.name));
    // Read last: what they can be depends on dtype and shape.
    std::optional<Entry> values;
    std::optional<Entry> layout;
    for (const Entry& part : entries_of(table)) {
        if (part.name == "shape") {
            if (const auto* shape = read_array(part, mistakes))
                leaf.shape = read_shape(leaf.name, *shape, dims, mistakes);
        } else if (part.name == "dtype") {
            read_dtype(part, leaf, mistakes);
        } else if (part.name == "values" && which == Leaves::inputs) {
            values = part;
        } else if (part.name == "layout" && which == Leaves::inputs) {
            layout = part;
        } else {
            mistakes.add(part.line,
                         fmt::format("unknown key \"{}\" of leaf \"{}\"", part.name, leaf.name),
                         suggestion(part.name, which == Leaves::inputs ? of_inputs : of_outputs));
        }
    }
    if (values) read_values(*values, dims, leaf, mistakes);
    if (layout) read_layout(*layout, leaf, mistakes);
}

void read_leaf_table(const Entry& entry, const toml::table& table, const std::vector<Dim>& dims,
                     Leaves which, std::span<const Leaf> earlier, Leaf& leaf, Mistakes& mistakes) {
    for (const Entry& part : entries_of(table)) {
        if (part.name == "same_as" && which == Leaves::inputs)
            return read_same_as(part, table, earlier, leaf, mistakes);
        if (says_a_constant(part.name, which))
            return read_constant(part, table, dims, which, leaf, mistakes);
    }
    read_tensor(entry, table, dims, which, leaf, mistakes);
}

/// "None", the one word that a leaf can be.
void read_word(const Entry& entry, const std::string& word, Leaf& leaf, Mistakes& mistakes) {
    static const std::vector<std::string> words{"None"};
    if (word != "None") {
        mistakes.add(
            entry.line,
            fmt::format("leaf \"{}\" is a string, expected a shape or \"None\"", leaf.name),
            closest(word, words).empty()
                ? fmt::format("write \"{}\" = [\"batch\", 8], or {{ string = \"{}\" }}", leaf.name,
                              word)
                : "did you mean \"None\"?");
    }
    leaf.constant = nullptr;
}

Leaf read_leaf(const Entry& entry, const std::vector<Dim>& dims, Leaves which,
               std::span<const Leaf> earlier, Mistakes& mistakes) {
    Leaf leaf;
    leaf.name = entry.name;
    const auto printable = [](char c) {
        return static_cast<unsigned char>(c) > ' ' && c != '\x7f';
    };
    if (leaf.name.empty() || !std::all_of(leaf.name.begin(), leaf.name.end(), printable)) {
        mistakes.add(entry.line,
                     fmt::format("leaf \"{}\" has an empty name, or blanks in it", leaf.name));
    }
    if (const auto* shape = entry.value->as_array()) {
        leaf.shape = read_shape(leaf.name, *shape, dims, mistakes);
        return leaf;
    }
    if (const auto* word = entry.value->as_string()) {
        read_word(entry, word->get(), leaf, mistakes);
        return leaf;
    }
    const toml::table* table = entry.value->as_table();
    if (table == nullptr) {
        mistakes.add(
            entry.line,
            fmt::format("leaf \"{}\" is {}, expected a shape", leaf.name, kind_of(*entry.value)),
            fmt::format("write \"{}\" = [\"batch\", 8]", leaf.name));
        return leaf;
    }
    if (!table->is_inline()) {
        // `dc.key = [1]` is a table named dc to TOML
        mistakes.add(entry.line, fmt::format("leaf \"{}\" is a table", leaf.name),
                     "put names that have dots into quotes");
        return leaf;
    }
    read_leaf_table(entry, *table, dims, which, earlier, leaf, mistakes);
    return leaf;
}

}  // namespace

std::vector<Leaf> read_leaves(const Entry& entry, const std::vector<Dim>& dims, Leaves which,
                              Mistakes& mistakes) {
    std::vector<Leaf> leaves;
    const toml::table* table = read_table(entry, mistakes);
    if (table == nullptr) return leaves;
    if (table->empty()) mistakes.add(entry.line, fmt::format("[{}] declares no leaf", entry.name));
    for (const Entry& leaf : entries_of(*table))
        leaves.push_back(read_leaf(leaf, dims, which, leaves, mistakes));
    return leaves;
}

}  // namespace exportgate::matrix
