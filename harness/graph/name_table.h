// A hash map from names inside the text that is being read (string_views into it) to small numbers.
// It exists because the parser looks a name up for every operand, and the standard map allocates a
// node per entry.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace exportgate::graph {

class NameTable {
  public:
    /// The number stored for `name`, if any.
    std::optional<std::uint32_t> find(std::string_view name) const {
        if (slots_.empty()) return std::nullopt;
        const Slot& slot = slots_[position(name, hash(name))];
        if (slot.number == empty) return std::nullopt;
        return slot.number;
    }

    /// Stores `number` (below 2^32 - 1) for `name`; false, and nothing changes, where the name is
    /// already there.
    bool insert(std::string_view name, std::uint32_t number) {
        if (2 * (size_ + 1) > slots_.size()) grow();
        const std::uint64_t hashed = hash(name);
        Slot& slot = slots_[position(name, hashed)];
        if (slot.number != empty) return false;
        slot = {name, static_cast<std::uint32_t>(hashed), number};
        ++size_;
        return true;
    }

  private:
    static constexpr std::uint32_t empty = 0xffffffffu;

    struct Slot {
        std::string_view name;
        std::uint32_t hash = 0;
        std::uint32_t number = empty;
    };

    static std::uint64_t hash(std::string_view name) {
        std::uint64_t value = 0xcbf29ce484222325ull;
        for (const char c : name)
            value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
        return value ^ (value >> 32);
    }

    /// The slot of `name`, or the free slot where it would go. There always is a free one: the
    /// table is at most half full.
    std::size_t position(std::string_view name, std::uint64_t hashed) const {
        const std::size_t mask = slots_.size() - 1;
        std::size_t at = hashed & mask;
        while (slots_[at].number != empty &&
               (slots_[at].hash != static_cast<std::uint32_t>(hashed) || slots_[at].name != name)) {
            at = (at + 1) & mask;
        }
        return at;
    }

    void grow() {
        const std::vector<Slot> old = std::move(slots_);
        slots_.assign(old.empty() ? 16 : 2 * old.size(), Slot{});
        for (const Slot& slot : old) {
            if (slot.number != empty) slots_[position(slot.name, hash(slot.name))] = slot;
        }
    }

    std::vector<Slot> slots_;  // a power of two of them
    std::size_t size_ = 0;
};

}  // namespace exportgate::graph
