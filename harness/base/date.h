// Days: when a waiver expires, and the day as of which it is judged.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/error.h"

namespace exportgate {

using Date = std::chrono::year_month_day;

/// "2027-03-01" and nothing else. Error: not such a text, or no day of the calendar.
Result<Date> parse_date(std::string_view text);

/// "2027-03-01"
std::string to_string(const Date& date);

/// The day it is now in UTC, by the system's clock.
Date utc_today();

}  // namespace exportgate
