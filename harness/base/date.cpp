#include "base/date.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace exportgate {

Result<Date> parse_date(std::string_view text) {
    const tl::unexpected<Error> refused(
        Error{.what = std::string("\"").append(text).append("\" is not a date"),
              .remedy = "write it like 2027-03-01"});
    constexpr std::string_view form = "dddd-dd-dd";
    if (text.size() != form.size()) return refused;
    for (std::size_t i = 0; i < form.size(); ++i) {
        const bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == 'd' ? !is_digit : text[i] != '-') return refused;
    }
    const auto number = [&](std::size_t begin, std::size_t size) {
        unsigned value = 0;
        std::from_chars(text.data() + begin, text.data() + begin + size, value);
        return value;
    };
    const Date date{std::chrono::year(static_cast<int>(number(0, 4))),
                    std::chrono::month(number(5, 2)), std::chrono::day(number(8, 2))};
    if (!date.ok()) return refused;
    return date;
}

std::string to_string(const Date& date) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return text.data();
}

Date utc_today() {
    return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
}

}  // namespace exportgate
