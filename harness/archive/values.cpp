// Compares the values of two tensors piece by piece, so that large ones need no memory.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "archive/carried.h"
#include "archive/enumerators.h"

namespace exportgate::archive {
namespace {

constexpr std::size_t piece = 1 << 20;
// A tensor that does not lie in one piece is gathered, for which its storage is held.
constexpr std::uint64_t most_gathered = 1u << 30;
// Dims whose strides overlap can have far more values than the file has bytes.
constexpr std::uint64_t most_overlapping = 1u << 27;

/// The number of elements; nothing where it overflows or a size is negative.
std::optional<std::uint64_t> count_of(const std::vector<std::int64_t>& shape) {
    std::uint64_t count = 1;
    for (const std::int64_t size : shape) {
        if (size < 0) return std::nullopt;
        if (size == 0) return 0;
        if (count >
            std::numeric_limits<std::uint64_t>::max() / static_cast<std::uint64_t>(size) / 64)
            return std::nullopt;
        count *= static_cast<std::uint64_t>(size);
    }
    return count;
}

bool is_contiguous(const Carried& tensor) {
    std::int64_t expected = 1;
    for (std::size_t i = tensor.shape.size(); i > 0; --i) {
        if (tensor.shape[i - 1] != 1 && tensor.strides[i - 1] != expected) return false;
        expected *= tensor.shape[i - 1];
    }
    return true;
}

/// The values of a tensor in row-major order, piece by piece.
class Values {
  public:
    static Result<Values> of(const Carried& tensor, std::uint64_t count, std::size_t size) {
        const auto mistake = [&](std::string what) {
            return tl::unexpected(
                Error{tensor.file->shown(), 0, tensor.entry.name + " " + what, {}});
        };
        if (tensor.offset < 0) return mistake("begins before its storage");
        // The last element must lie in the entry.
        std::uint64_t last = static_cast<std::uint64_t>(tensor.offset);
        const std::uint64_t elements = tensor.entry.bytes / size;
        for (std::size_t i = 0; count > 0 && i < tensor.shape.size(); ++i) {
            if (tensor.strides[i] < 0) return mistake("has negative strides");
            const auto steps = static_cast<std::uint64_t>(tensor.shape[i] - 1);
            const auto stride = static_cast<std::uint64_t>(tensor.strides[i]);
            if (steps != 0 && stride > elements / steps) return mistake("is too short");
            last += steps * stride;
            if (last >= elements) return mistake("is too short");
        }
        if (count > 0 && last >= elements) return mistake("is too short");
        Values values(tensor, size);
        if (count == 0) return values;
        if (!is_contiguous(tensor)) {
            if (tensor.entry.bytes > most_gathered)
                return mistake("is no row-major tensor and has more than 1 GiB");
            auto storage = tensor.file->read(tensor.entry, most_gathered);
            if (!storage) return tl::unexpected(storage.error());
            values.storage_ = std::move(*storage);
            return values;
        }
        auto stream = tensor.file->stream(tensor.entry);
        if (!stream) return tl::unexpected(stream.error());
        values.stream_ = std::move(*stream);
        std::string before(std::min<std::uint64_t>(piece, last * size), '\0');
        std::uint64_t skipped = static_cast<std::uint64_t>(tensor.offset) * size;
        while (skipped > 0) {
            const auto read = values.stream_->read(
                std::span(before).first(std::min<std::uint64_t>(before.size(), skipped)));
            if (!read) return tl::unexpected(read.error());
            if (*read == 0) return mistake("is too short");
            skipped -= *read;
        }
        return values;
    }

    /// Fills `to`, a whole number of elements, which must be left.
    Result<void> next(std::span<char> to) {
        if (!stream_) {
            gather(to);
            return {};
        }
        const auto read = stream_->read(to);
        if (!read) return tl::unexpected(read.error());
        if (*read != to.size())
            return tl::unexpected(
                Error{tensor_->file->shown(), 0, tensor_->entry.name + " is too short", {}});
        return {};
    }

    /// Reads what is behind the values, so that the checksum is compared.
    Result<void> finish() {
        std::string rest(stream_ ? piece : 0, '\0');
        while (stream_) {
            const auto read = stream_->read(rest);
            if (!read) return tl::unexpected(read.error());
            if (*read == 0) break;
        }
        return {};
    }

  private:
    Values(const Carried& tensor, std::size_t size)
        : tensor_(&tensor), size_(size), index_(tensor.shape.size(), 0) {}

    void gather(std::span<char> to) {
        for (std::size_t filled = 0; filled < to.size(); filled += size_) {
            std::int64_t at = tensor_->offset;
            for (std::size_t i = 0; i < index_.size(); ++i)
                at += index_[i] * tensor_->strides[i];
            std::memcpy(to.data() + filled, storage_.data() + static_cast<std::size_t>(at) * size_,
                        size_);
            for (std::size_t i = index_.size(); i > 0; --i) {
                if (++index_[i - 1] < tensor_->shape[i - 1]) break;
                index_[i - 1] = 0;
            }
        }
    }

    const Carried* tensor_;
    std::size_t size_;
    std::vector<std::int64_t> index_;  // of the next element to be gathered

    std::optional<EntryStream> stream_;
    std::string storage_;
};

std::string place_of(std::uint64_t element, const std::vector<std::int64_t>& shape) {
    std::vector<std::uint64_t> index(shape.size());
    for (std::size_t i = shape.size(); i > 0; --i) {
        index[i - 1] = element % static_cast<std::uint64_t>(shape[i - 1]);
        element /= static_cast<std::uint64_t>(shape[i - 1]);
    }
    return fmt::format("[{}]", fmt::join(index, ", "));
}

/// Values that stand in both tensors again and again, as expand() makes them, are kept once.
void drop_repeats(Carried& a, Carried& b) {
    for (std::size_t i = 0; i < a.shape.size(); ++i) {
        if (a.shape[i] <= 1 || a.strides[i] != 0 || b.strides[i] != 0) continue;
        a.shape[i] = 1;
        b.shape[i] = 1;
    }
}

struct Differing {
    std::uint64_t values = 0;
    std::uint64_t first = 0;  // in row-major order
};

Result<Differing> differing_values(const Carried& a, const Carried& b, std::uint64_t count,
                                   std::size_t size) {
    auto first = Values::of(a, count, size);
    if (!first) return tl::unexpected(first.error());
    auto second = Values::of(b, count, size);
    if (!second) return tl::unexpected(second.error());
    Differing differing;
    const std::uint64_t at_once = piece / size;
    std::string left, right;
    for (std::uint64_t done = 0; done < count;) {
        const std::uint64_t now = std::min(at_once, count - done);
        left.resize(now * size);
        right.resize(now * size);
        if (const auto read = first->next(left); !read) return tl::unexpected(read.error());
        if (const auto read = second->next(right); !read) return tl::unexpected(read.error());
        for (std::uint64_t i = 0; left != right && i < now; ++i) {
            if (std::memcmp(left.data() + i * size, right.data() + i * size, size) == 0) continue;
            if (differing.values++ == 0) differing.first = done + i;
        }
        done += now;
    }
    if (const auto whole = first->finish(); !whole) return tl::unexpected(whole.error());
    if (const auto whole = second->finish(); !whole) return tl::unexpected(whole.error());
    return differing;
}

}  // namespace

Result<std::string> compare_values(const Carried& a, const Carried& b) {
    if (!a.opaque.empty() || !b.opaque.empty()) return a.file->compare(a.entry, *b.file, b.entry);
    const auto mistake = [&](std::string what) {
        return tl::unexpected(Error{a.file->shown(), 0, a.entry.name + " " + what, {}});
    };
    const Dtype* dtype = dtype_of_name(a.dtype);
    const auto count = count_of(a.shape);
    if (!count) return mistake("has sizes that no tensor has");
    if (dtype == nullptr || a.dtype != b.dtype || a.shape != b.shape)
        return mistake("cannot be compared");
    if (a.strides.size() != a.shape.size() || b.strides.size() != b.shape.size())
        return mistake("has another number of strides than of dims");
    Carried left = a;
    Carried right = b;
    drop_repeats(left, right);
    const std::uint64_t held = *count_of(left.shape);
    const std::uint64_t stored = std::max(a.entry.bytes, b.entry.bytes) / dtype->bytes;
    if (held > std::max(stored, most_overlapping))
        return mistake(fmt::format("has {} values that overlap, more than {}", held,
                                   std::max(stored, most_overlapping)));
    const auto differing = differing_values(left, right, held, dtype->bytes);
    if (!differing) return tl::unexpected(differing.error());
    if (differing->values == 0) return std::string();
    const std::uint64_t all = differing->values * (*count / held);
    return fmt::format("{} of {} values {}, the first at {}", all, *count,
                       all == 1 ? "differs" : "differ", place_of(differing->first, left.shape));
}

}  // namespace exportgate::archive
