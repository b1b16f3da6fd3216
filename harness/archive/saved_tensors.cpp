#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "archive/carried.h"
#include "archive/enumerators.h"
#include "archive/json_place.h"
#include "archive/pickle.h"

namespace exportgate::archive {
namespace {

using Kind = Pickled::Kind;

constexpr std::uint64_t most_pickled = 32u << 20;
constexpr std::uint64_t most_listed = 256u << 20;

bool is_call_of(const Pickled& value, std::string_view name) {
    return value.kind == Kind::call && value.items[0]->text == name;
}

std::optional<std::vector<std::int64_t>> integers(const Pickled& value) {
    if (value.kind != Kind::sequence) return std::nullopt;
    std::vector<std::int64_t> numbers;
    for (const PickledRef& item : value.items) {
        if (item->kind != Kind::integer) return std::nullopt;
        numbers.push_back(item->integer);
    }
    return numbers;
}

/// ('storage', torch.FloatStorage, '0', 'cpu', 24); false where it is something else.
bool read_storage(const Pickled& storage, const std::shared_ptr<const ZipFile>& file,
                  const std::string& folder, Carried& tensor) {
    if (storage.kind != Kind::persistent || storage.items[0]->kind != Kind::sequence) return false;
    const auto& parts = storage.items[0]->items;
    constexpr std::string_view prefix = "torch.";
    if (parts.size() != 5 || parts[0]->text != "storage" || parts[1]->kind != Kind::name ||
        !parts[1]->text.starts_with(prefix) || parts[2]->kind != Kind::text ||
        parts[3]->kind != Kind::text) {
        return false;
    }
    const Dtype* dtype = dtype_of_storage(parts[1]->text.substr(prefix.size()));
    const Entry* entry = file->find(folder + "data/" + parts[2]->text);
    if (dtype == nullptr || entry == nullptr) return false;
    tensor.dtype = dtype->name;
    tensor.device = parts[3]->text;
    tensor.file = file;
    tensor.entry = *entry;
    return true;
}

/// torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks), or a
/// parameter of it.
bool read_tensor(const Pickled& value, const std::shared_ptr<const ZipFile>& file,
                 const std::string& folder, Carried& tensor) {
    // With state: the attributes of the parameter, which a program does not see.
    if (is_call_of(value, "torch._utils._rebuild_parameter") ||
        is_call_of(value, "torch._utils._rebuild_parameter_with_state")) {
        const auto& arguments = value.items[1]->items;
        if (arguments.size() < 2 || arguments[0]->kind != Kind::call ||
            arguments[1]->kind != Kind::boolean ||
            !is_call_of(*arguments[0], "torch._utils._rebuild_tensor_v2") ||
            !read_tensor(*arguments[0], file, folder, tensor)) {
            return false;
        }
        tensor.is_parameter = true;
        tensor.requires_grad = arguments[1]->integer != 0;
        return true;
    }
    if (!is_call_of(value, "torch._utils._rebuild_tensor_v2")) return false;
    const auto& arguments = value.items[1]->items;
    // A seventh argument holds conjugate and negative bits, which change what values mean.
    if (arguments.size() != 6 || arguments[1]->kind != Kind::integer ||
        arguments[4]->kind != Kind::boolean) {
        return false;
    }
    const auto shape = integers(*arguments[2]);
    const auto strides = integers(*arguments[3]);
    if (!shape || !strides || !read_storage(*arguments[0], file, folder, tensor)) return false;
    tensor.offset = arguments[1]->integer;
    tensor.shape = *shape;
    tensor.strides = *strides;
    tensor.requires_grad = arguments[4]->integer != 0;
    return true;
}

std::string kind_of(const Pickled& value) {
    return value.kind == Kind::call ? value.items[0]->text : std::string("no tensor");
}

std::vector<std::int64_t> sizes_of(const Place& list) {
    std::vector<std::int64_t> sizes;
    for (const Place& size : list.items())
        sizes.push_back(size.at("as_int").integer());
    return sizes;
}

void read_meta(const Place& meta, Carried& tensor) {
    const Place number = meta.at("dtype");
    const Dtype* dtype = dtype_of_number(number.integer());
    if (dtype == nullptr) return number.note("an unknown dtype");
    tensor.dtype = dtype->name;
    tensor.shape = sizes_of(meta.at("sizes"));
    tensor.strides = sizes_of(meta.at("strides"));
    tensor.offset = meta.at("storage_offset").at("as_int").integer();
    tensor.requires_grad = meta.at("requires_grad").boolean();
    const Place device = meta.at("device");
    tensor.device = device.at("type").text();
    if (const auto index = device.find("index"))
        tensor.device += fmt::format(":{}", index->integer());
    const Place layout = meta.at("layout");
    if (layout_of_number(layout.integer()) != "strided")
        tensor.opaque = fmt::format("layout {}", layout_of_number(layout.integer()));
}

}  // namespace

Result<void> add_saved_tensors(const std::shared_ptr<const ZipFile>& archive, const Entry& entry,
                               CarriedByName& carried) {
    if (entry.bytes == 0) return {};
    auto inner = archive->open_entry(entry);
    if (!inner) return tl::unexpected(inner.error());
    const auto file = std::make_shared<const ZipFile>(std::move(*inner));
    const Entry* pickle = nullptr;
    for (const Entry& one : file->entries())
        if (one.name.ends_with("/data.pkl")) pickle = &one;
    if (pickle == nullptr)
        return tl::unexpected(Error{file->shown(), 0, "holds no data.pkl of torch.save", {}});
    const std::string folder = pickle->name.substr(0, pickle->name.size() - 8);
    const auto bytes = file->read(*pickle, most_pickled);
    if (!bytes) return tl::unexpected(bytes.error());
    const auto pickled = read_pickle(*bytes, file->shown());
    if (!pickled) return tl::unexpected(pickled.error());
    const bool is_dict = pickled->root->kind == Kind::mapping ||
                         is_call_of(*pickled->root, "collections.OrderedDict");
    if (!is_dict) return tl::unexpected(Error{file->shown(), 0, "holds no dict of tensors", {}});
    for (const auto& [name, value] : pickled->root->pairs) {
        if (name->kind != Kind::text)
            return tl::unexpected(Error{file->shown(), 0, "a tensor whose name is no text", {}});
        Carried tensor;
        if (!read_tensor(*value, file, folder, tensor)) {
            tensor = {};
            tensor.opaque = kind_of(*value);
            tensor.file = archive;
            tensor.entry = entry;
        }
        if (!carried.emplace(name->text, std::move(tensor)).second)
            return tl::unexpected(Error{file->shown(), 0, "two tensors " + name->text, {}});
    }
    return {};
}

Result<void> add_listed_tensors(const std::shared_ptr<const ZipFile>& archive, const Entry& list,
                                CarriedByName& carried, UnknownMembers& unknown) {
    const std::string shown = archive->shown() + ":" + list.name;
    const auto bytes = archive->read(list, most_listed);
    if (!bytes) return tl::unexpected(bytes.error());
    const auto document = parse_document(*bytes, shown);
    if (!document) return tl::unexpected(document.error());
    const std::string folder = list.name.substr(0, list.name.rfind('/') + 1);
    FirstMistake mistake;
    const Place root(*document, "", mistake);
    for (const auto& [name, payload] : root.at("config").members()) {
        Carried tensor;
        const Place path = payload.at("path_name");
        const Entry* entry = archive->find(folder + path.text());
        if (entry == nullptr)
            path.note("an entry that is not there: " + path.text());
        else
            tensor.entry = *entry;
        tensor.file = archive;
        tensor.is_parameter = payload.at("is_param").boolean();
        const auto meta = payload.find("tensor_meta");
        if (meta) read_meta(*meta, tensor);
        if (payload.at("use_pickle").boolean() || !meta) tensor.opaque = "pickled";
        if (!carried.emplace(name, std::move(tensor)).second)
            payload.note("a second tensor of this name");
    }
    if (!mistake.none()) return tl::unexpected(Error{shown, 0, mistake.what(), {}});
    for (auto& [name, values] : unknown_members_of_list(*document))
        std::move(values.begin(), values.end(), std::back_inserter(unknown[name]));
    return {};
}

std::vector<Sharing> sharing(const CarriedByName& carried) {
    std::map<std::pair<const ZipFile*, std::string>, Sharing> by_storage;
    for (const auto& [name, tensor] : carried) {
        if (!tensor.opaque.empty()) continue;
        Sharing& group = by_storage[{tensor.file.get(), tensor.entry.name}];
        group.names.push_back(name);
        group.offsets.push_back(tensor.offset);
    }
    std::vector<Sharing> groups;
    for (auto& [storage, group] : by_storage) {
        if (group.names.size() < 2) continue;
        // Elements of two sizes have no difference that counts elements.
        const auto is_of_one_dtype = [&, &names = group.names](const std::string& name) {
            return carried.at(name).dtype == carried.at(names.front()).dtype;
        };
        if (!std::all_of(group.names.begin(), group.names.end(), is_of_one_dtype)) {
            groups.push_back(std::move(group));
            continue;
        }
        const std::int64_t first = *std::min_element(group.offsets.begin(), group.offsets.end());
        for (std::int64_t& offset : group.offsets)
            offset -= first;
        groups.push_back(std::move(group));
    }
    return groups;
}

std::string described(const Carried& tensor) {
    if (!tensor.opaque.empty()) return tensor.opaque;
    return fmt::format("{} [{}], strides [{}], {}{}{}", tensor.dtype, fmt::join(tensor.shape, ", "),
                       fmt::join(tensor.strides, ", "), tensor.device,
                       tensor.is_parameter ? ", parameter" : "",
                       tensor.requires_grad.value_or(false) ? ", requires_grad" : "");
}

}  // namespace exportgate::archive
