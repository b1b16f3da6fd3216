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
    /// Makes room for `names` names.
    void reserve(std::size_t names) {
        entries_.reserve(names);
        std::size_t slots = slots_.empty() ? 16 : slots_.size();
        while (slots < 2 * names)
            slots *= 2;
        resize(slots);
    }

    /// The number stored for `name`, if any.
    std::optional<std::uint32_t> find(std::string_view name) const {
        if (slots_.empty()) return std::nullopt;
        const Slot& slot = slots_[position(name, hash(name))];
        if (slot.entry == empty) return std::nullopt;
        return entries_[slot.entry].number;
    }

    /// Stores `number` for `name`; false, and nothing changes, where the name is already there.
    bool insert(std::string_view name, std::uint32_t number) {
        if (2 * (entries_.size() + 1) > slots_.size())
            resize(slots_.empty() ? 16 : 2 * slots_.size());
        const std::uint32_t hashed = hash(name);
        Slot& slot = slots_[position(name, hashed)];
        if (slot.entry != empty) return false;
        slot = {hashed, static_cast<std::uint32_t>(entries_.size())};
        entries_.push_back({name, number});
        return true;
    }

  private:
    static constexpr std::uint32_t empty = 0xffffffffu;

    // Small slots, and the names in the order in which they came: most look-ups are for names that
    // came lately, so that what they touch is in the cache even where the table is large.
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t entry = empty;
    };
    struct Entry {
        std::string_view name;
        std::uint32_t number;
    };

    static std::uint32_t hash(std::string_view name) {
        std::uint64_t value = 0xcbf29ce484222325ull;
        for (const char c : name)
            value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
        return static_cast<std::uint32_t>(value ^ (value >> 32));
    }

    /// The slot of `name`, or the free slot where it would go. There always is a free one: the
    /// table is at most half full.
    std::size_t position(std::string_view name, std::uint32_t hashed) const {
        const std::size_t mask = slots_.size() - 1;
        std::size_t at = hashed & mask;
        while (slots_[at].entry != empty &&
               (slots_[at].hash != hashed || entries_[slots_[at].entry].name != name)) {
            at = (at + 1) & mask;
        }
        return at;
    }

    void resize(std::size_t size) {
        slots_.assign(size, Slot{});
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            const std::uint32_t hashed = hash(entries_[i].name);
            slots_[position(entries_[i].name, hashed)] = {hashed, static_cast<std::uint32_t>(i)};
        }
    }

    std::vector<Slot> slots_;  // a power of two of them
    std::vector<Entry> entries_;
};

}  // namespace exportgate::graph
