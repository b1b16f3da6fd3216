// Leaves: a shape, or an inline table of shape, dtype and values, or of one Python value.
#include "matrix/leaf_toml.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"

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
            const auto sum = sum_of(name->get());
            require_dim(sum ? sum->dim : name->get(), line_of(node), dims, mistakes);
            shape.emplace_back(name->get());
        } else {
            mistakes.add(
                line_of(node),
                fmt::format("the shape of leaf \"{}\" holds {}, expected numbers and names of dims",
                            leaf, kind_of(node)));
        }
    }
    return shape;
}

std::optional<double> read_bound(const toml::node& node, bool whole) {
    return whole && !node.is_integer() ? std::nullopt : node.value<double>();
}

/// "ones", "zeros" or [lowest, highest].
void read_values(const Entry& entry, Leaf& leaf, Mistakes& mistakes) {
    static const std::vector<std::string> words{"ones", "zeros"};
    if (const auto* word = entry.value->as_string()) {
        if (word->get() == "ones") {
            leaf.values = Fill::ones;
        } else if (word->get() == "zeros") {
            leaf.values = Fill::zeros;
        } else {
            mistakes.add(
                entry.line,
                fmt::format("the values of leaf \"{}\" are \"{}\"", leaf.name, word->get()),
                suggestion(word->get(), words));
        }
        return;
    }
    const bool is_float = leaf.dtype.find("float") != std::string::npos;
    const toml::array* range = entry.value->as_array();
    const auto bound = [&](std::size_t i) {
        return range != nullptr && range->size() == 2 ? read_bound(*range->get(i), !is_float)
                                                      : std::nullopt;
    };
    const auto low = bound(0);
    const auto high = bound(1);
    if (leaf.dtype == "bool" || leaf.dtype.starts_with("complex")) {
        mistakes.add(
            entry.line,
            fmt::format("leaf \"{}\" of dtype {} has no range of values", leaf.name, leaf.dtype),
            "write values = \"ones\" or \"zeros\", or leave it away");
    } else if (!low || !high || *low > *high) {
        mistakes.add(entry.line,
                     fmt::format("the values of leaf \"{}\" are not the lowest and the highest{}",
                                 leaf.name, is_float ? "" : ", two integers"),
                     "write values = [0, 31], \"ones\" or \"zeros\"");
    } else {
        leaf.values = ValueRange{*low, *high};
    }
}

/// { value = 3 }: a number of Python, or the name of a dim whose extent it is.
void read_constant(const Entry& entry, const toml::table& table, const std::vector<Dim>& dims,
                   Leaves which, Leaf& leaf, Mistakes& mistakes) {
    leaf.constant = nullptr;
    if (table.size() > 1) {
        mistakes.add(entry.line,
                     fmt::format("leaf \"{}\" has a value and something else", leaf.name),
                     "a number has neither shape nor dtype: write { value = 3 }");
    }
    if (which == Leaves::outputs) {
        mistakes.add(entry.line, fmt::format("leaf \"{}\" of the output is a number", leaf.name),
                     "declare the leaves that are tensors");
    }
    if (const auto* truth = entry.value->as_boolean()) {
        leaf.constant = truth->get();
    } else if (const auto* whole = entry.value->as_integer()) {
        leaf.constant = whole->get();
    } else if (const auto* number = entry.value->as_floating_point()) {
        leaf.constant = number->get();
    } else if (const auto* name = entry.value->as_string()) {
        require_dim(name->get(), entry.line, dims, mistakes);
        leaf.constant = name->get();
    } else {
        mistakes.add(
            entry.line,
            fmt::format("the value of leaf \"{}\" is {}, expected a number or the name of a dim",
                        leaf.name, kind_of(*entry.value)));
    }
}

void read_leaf_table(const Entry& entry, const toml::table& table, const std::vector<Dim>& dims,
                     Leaves which, Leaf& leaf, Mistakes& mistakes) {
    static const std::vector<std::string> leaf_keys{"shape", "dtype", "values", "value"};
    std::optional<Entry> values;  // read last: what they can be depends on the dtype
    for (const Entry& part : entries_of(table)) {
        if (part.name != "value") continue;
        return read_constant(part, table, dims, which, leaf, mistakes);
    }
    if (!table.contains("shape"))
        mistakes.add(entry.line, fmt::format("leaf \"{}\" has no shape", leaf.name));
    for (const Entry& part : entries_of(table)) {
        if (part.name == "shape") {
            if (const auto* shape = read_array(part, mistakes))
                leaf.shape = read_shape(leaf.name, *shape, dims, mistakes);
        } else if (part.name == "dtype") {
            leaf.dtype = read_string(part, mistakes);
            if (part.value->is_string() &&
                std::find(dtypes().begin(), dtypes().end(), leaf.dtype) == dtypes().end()) {
                const std::string_view bare = leaf.dtype.starts_with("torch.")
                                                  ? std::string_view(leaf.dtype).substr(6)
                                                  : leaf.dtype;
                mistakes.add(part.line, fmt::format("unknown dtype \"{}\"", leaf.dtype),
                             suggestion(bare, dtypes()));
            }
        } else if (part.name == "values" && which == Leaves::inputs) {
            values = part;
        } else {
            mistakes.add(part.line,
                         fmt::format("unknown key \"{}\" of leaf \"{}\"", part.name, leaf.name),
                         suggestion(part.name, leaf_keys));
        }
    }
    if (values) read_values(*values, leaf, mistakes);
}

/// "None", the one word that a leaf can be.
void read_word(const Entry& entry, const std::string& word, Leaves which, Leaf& leaf,
               Mistakes& mistakes) {
    static const std::vector<std::string> words{"None"};
    if (word != "None") {
        mistakes.add(
            entry.line,
            fmt::format("leaf \"{}\" is a string, expected a shape or \"None\"", leaf.name),
            closest(word, words).empty() ? fmt::format("write \"{}\" = [\"batch\", 8]", leaf.name)
                                         : "did you mean \"None\"?");
    } else if (which == Leaves::outputs) {
        mistakes.add(entry.line, fmt::format("leaf \"{}\" of the output is None", leaf.name),
                     "declare the leaves that are tensors");
    }
    leaf.constant = nullptr;
}

Leaf read_leaf(const Entry& entry, const std::vector<Dim>& dims, Leaves which, Mistakes& mistakes) {
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
        read_word(entry, word->get(), which, leaf, mistakes);
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
    read_leaf_table(entry, *table, dims, which, leaf, mistakes);
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
        leaves.push_back(read_leaf(leaf, dims, which, mistakes));
    return leaves;
}

bool require_dim(const std::string& name, int line, const std::vector<Dim>& dims,
                 Mistakes& mistakes) {
    std::vector<std::string> names;
    for (const Dim& dim : dims)
        names.push_back(dim.name);
    if (std::find(names.begin(), names.end(), name) != names.end()) return true;
    const std::string near = closest(name, names);
    mistakes.add(line, fmt::format("dim \"{}\" is not declared", name),
                 near.empty() ? fmt::format("declare it under [dims]: {} = [1, 1024]", name)
                              : fmt::format("did you mean \"{}\"?", near));
    return false;
}

}  // namespace exportgate::matrix
