#include "matrix/waivers_toml.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "matrix/name_pattern.h"

namespace exportgate::matrix {
namespace {

const std::vector<std::string>& waiver_keys() {
    static const std::vector<std::string> names{"cells",  "torch", "differs",
                                                "reason", "url",   "expires"};
    return names;
}

bool is_blank_text(const std::string& text) {
    return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

bool is_url(const std::string& text) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (text.starts_with(scheme) && text.size() > scheme.size())
            return std::none_of(text.begin(), text.end(), [](char c) { return c <= ' '; });
    }
    return false;
}

class WaiverReader {
  public:
    WaiverReader(const toml::table& table, Mistakes& mistakes)
        : line_(line_of(table)), mistakes_(mistakes) {
        for (Entry& entry : entries_of(table)) {
            if (std::find(waiver_keys().begin(), waiver_keys().end(), entry.name) ==
                waiver_keys().end()) {
                refuse(entry.line, fmt::format("unknown key \"{}\" in a waiver", entry.name),
                       suggestion(entry.name, waiver_keys()));
            } else {
                entries_.push_back(std::move(entry));
            }
        }
    }

    std::optional<Waiver> read(const std::string& file) {
        Waiver waiver;
        waiver.file = file;
        waiver.line = line_;
        waiver.cells = text_of("cells", "a glob such as \"plain/strict/*\"");
        waiver.reason = text_of("reason", "one line for those who see the report");
        waiver.url = text_of("url", "where the matter is followed");
        if (const auto range = text_of("torch", "the releases, such as \">=2.14.0,<2.16\"");
            !range.empty())
            read_range(range, waiver);
        if (waiver.reason.find_first_of("\r\n") != std::string::npos)
            refuse(find("reason")->line, "the reason of a waiver is one line");
        if (!waiver.url.empty() && !is_url(waiver.url)) {
            refuse(find("url")->line, fmt::format("url \"{}\" is not a link", waiver.url),
                   "it starts with https:// and has no blanks");
        }
        read_differences(waiver);
        if (covers_all(waiver.cells)) {
            refuse(find("cells")->line,
                   fmt::format("a waiver of \"{}\" is one of every cell that there will ever be",
                               waiver.cells),
                   "name a kind, a mode, dims or a pair: \"plain/strict/*\"");
        }
        read_expiry(waiver);
        if (!good_) return std::nullopt;
        return waiver;
    }

  private:
    const Entry* find(std::string_view name) const {
        const auto found = std::find_if(entries_.begin(), entries_.end(),
                                        [&](const Entry& entry) { return entry.name == name; });
        return found == entries_.end() ? nullptr : &*found;
    }

    void refuse(int line, std::string what, std::string remedy = "") {
        good_ = false;
        mistakes_.add(line, std::move(what), std::move(remedy));
    }

    const Entry* required(std::string_view name, std::string_view holding) {
        const Entry* entry = find(name);
        if (entry == nullptr)
            refuse(line_, fmt::format("a waiver has no \"{}\": {}", name, holding));
        return entry;
    }

    /// "" where there is none, which is a mistake.
    std::string text_of(std::string_view name, std::string_view holding) {
        const Entry* entry = required(name, holding);
        if (entry == nullptr) return "";
        if (!entry->value->is_string()) {
            good_ = false;
            return read_string(*entry, mistakes_);
        }
        std::string text = read_string(*entry, mistakes_);
        if (!is_blank_text(text)) return text;
        refuse(entry->line, fmt::format("the \"{}\" of a waiver is empty: {}", name, holding));
        return "";
    }

    void read_range(const std::string& text, Waiver& waiver) {
        auto range = TorchRange::parse(text);
        if (range) {
            waiver.torch = std::move(*range);
        } else {
            refuse(find("torch")->line, range.error().what, range.error().remedy);
        }
    }

    /// Without a letter there is nothing that a cell has to be. A set of letters that it must not
    /// have, `[!x]`, is as good as none.
    static bool covers_all(const std::string& cells) {
        const auto says_nothing = [](std::string glob) {
            for (std::size_t at = 0; (at = glob.find("[!", at)) != std::string::npos;) {
                const std::size_t end = glob.find(']', at + 3);  // the first one is a member
                glob.replace(at, end == std::string::npos ? end : end + 1 - at, "?");
            }
            return glob.find_first_not_of("*?/[]!") == std::string::npos;
        };
        const NamePattern asked = parse_pattern(cells);
        return !cells.empty() && says_nothing(asked.glob) &&
               std::all_of(asked.conditions.begin(), asked.conditions.end(),
                           [&](const auto& each) { return says_nothing(each.second); });
    }

    void read_differences(Waiver& waiver) {
        const Entry* entry =
            required("differs",
                     "the differences that it is written for; write differs = [], and "
                     "`exportgate show CELL` says what belongs there");
        if (entry == nullptr) return;
        const auto* array = entry->value->as_array();
        if (array == nullptr) {
            refuse(entry->line,
                   fmt::format("differs is {}, expected strings", kind_of(*entry->value)),
                   "write differs = [\"check run fails\"]");
            return;
        }
        for (const toml::node& node : *array) {
            if (const auto* text = node.as_string()) {
                waiver.differs.push_back(text->get());
            } else {
                refuse(line_of(node),
                       fmt::format("differs holds {}, expected strings", kind_of(node)),
                       "write differs = [\"check run fails\"]");
            }
        }
    }

    void read_expiry(Waiver& waiver) {
        const Entry* entry = required("expires", "a day such as 2027-03-01, without quotes");
        if (entry == nullptr) return;
        const auto* date = entry->value->as_date();
        if (date == nullptr) {
            refuse(entry->line,
                   fmt::format("expires is {}, expected a day", kind_of(*entry->value)),
                   "write expires = 2027-03-01, without quotes and without a time");
            return;
        }
        const toml::date day = date->get();  // the parser has seen to it that it is one
        waiver.expires = Date{std::chrono::year(day.year), std::chrono::month(day.month),
                              std::chrono::day(day.day)};
    }

    int line_;
    Mistakes& mistakes_;
    std::vector<Entry> entries_;
    bool good_ = true;
};

}  // namespace

std::vector<Waiver> read_waivers(const Entry& entry, const std::string& file, Mistakes& mistakes) {
    std::vector<Waiver> waivers;
    const auto* array = entry.value->as_array();
    if (array == nullptr) {
        mistakes.add(entry.line,
                     fmt::format("waivers is {}, expected tables", kind_of(*entry.value)),
                     "write [[waivers]] above the entries of each");
        return waivers;
    }
    for (const toml::node& node : *array) {
        const auto* table = node.as_table();
        if (table == nullptr) {
            mistakes.add(line_of(node),
                         fmt::format("waivers holds {}, expected tables", kind_of(node)),
                         "write [[waivers]] above the entries of each");
            continue;
        }
        if (auto waiver = WaiverReader(*table, mistakes).read(file))
            waivers.push_back(std::move(*waiver));
    }
    return waivers;
}

}  // namespace exportgate::matrix
