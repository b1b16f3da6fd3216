// The tensors that a saved program carries: parameters, buffers and constants.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "archive/schema_members.h"
#include "archive/zip_file.h"

namespace exportgate::archive {

/// Where values lie: `entry` of `file`.
struct Carried {
    bool is_parameter = false;
    std::string dtype;  // "float32"
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides;
    std::int64_t offset = 0;  // of elements
    std::string device;       // "cpu", "cuda:0"
    std::optional<bool> requires_grad;
    std::shared_ptr<const ZipFile> file;
    Entry entry;
    // Why it is no tensor that can be read, in words: an object, a tensor subclass. Then only the
    // bytes of `entry` are compared.
    std::string opaque;
};

using CarriedByName = std::map<std::string, Carried>;

/// Adds those of a file of torch.save, a zip file in the archive: a dict of tensors by name. Up to
/// 2.8 saved programs have them so.
Result<void> add_saved_tensors(const std::shared_ptr<const ZipFile>& archive, const Entry& entry,
                               CarriedByName& carried);

/// Adds those that a JSON file of the archive lists, each in an entry of its own: from 2.9 on. What
/// it says besides goes to `unknown`.
Result<void> add_listed_tensors(const std::shared_ptr<const ZipFile>& archive, const Entry& list,
                                CarriedByName& carried, UnknownMembers& unknown);

/// Tensors that lie in one storage.
struct Sharing {
    std::vector<std::string> names;
    std::vector<std::int64_t> offsets;  // of elements; of one dtype: behind the first of them
};

/// By storage.
std::vector<Sharing> sharing(const CarriedByName& carried);

/// How the values of two tensors of one dtype and shape differ: "3 of 24 values differ, the first
/// at [0, 1]". Empty: not at all. Error: they cannot be read, or would need too much memory.
Result<std::string> compare_values(const Carried& a, const Carried& b);

/// What is known of it but its values: "float32 [4, 6], strides [6, 1], cpu".
std::string described(const Carried& tensor);

}  // namespace exportgate::archive
