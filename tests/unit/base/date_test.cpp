#include "base/date.h"

#include <gmock/gmock.h>

namespace exportgate {
namespace {

TEST(Date, ReadsAndWritesTheSameText) {
    for (const char* text : {"2027-03-01", "2028-02-29", "0999-12-31"})
        EXPECT_EQ(to_string(parse_date(text).value()), text);
}

TEST(Date, IsOrderedByTheCalendar) {
    EXPECT_LT(parse_date("2026-12-31").value(), parse_date("2027-01-01").value());
    EXPECT_LT(parse_date("2027-02-28").value(), parse_date("2027-03-01").value());
}

TEST(Date, RefusesWhatIsNoDay) {
    for (const char* text : {"", "2027-3-1", "2027-02-29", "2027-13-01", "2027-00-10", "2027-01-00",
                             "01.03.2027", "2027-03-01T00:00:00", " 2027-03-01", "2027/03/01"}) {
        const auto date = parse_date(text);
        ASSERT_FALSE(date) << text;
        EXPECT_EQ(to_string(date.error()),
                  std::string("\"") + text + "\" is not a date (write it like 2027-03-01)");
    }
}

TEST(Date, TodayIsADayOfTheCalendar) {
    EXPECT_TRUE(utc_today().ok());
    EXPECT_GT(utc_today(), parse_date("2024-01-01").value());
}

}  // namespace
}  // namespace exportgate
