#include "bench/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace exportgate::bench {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr int most_launches = 999;

std::vector<double> sorted(std::span<const double> values) {
    std::vector<double> all(values.begin(), values.end());
    std::sort(all.begin(), all.end());
    return all;
}

/// P(at most k of n fair coins show heads).
double binomial_tail(std::size_t n, std::size_t k) {
    const auto log_choose = [n](std::size_t i) {
        return std::lgamma(static_cast<double>(n) + 1) - std::lgamma(static_cast<double>(i) + 1) -
               std::lgamma(static_cast<double>(n - i) + 1);
    };
    double sum = 0;
    for (std::size_t i = 0; i <= k; ++i)
        sum += std::exp(log_choose(i) - static_cast<double>(n) * std::log(2.0));
    return sum;
}

}  // namespace

double median(std::span<const double> values) {
    if (values.empty()) return nan;
    const std::vector<double> all = sorted(values);
    const std::size_t middle = all.size() / 2;
    return all.size() % 2 == 1 ? all[middle] : (all[middle - 1] + all[middle]) / 2;
}

Interval median_interval(std::span<const double> values, double wanted) {
    if (values.empty()) return {nan, nan, 0};
    const std::vector<double> all = sorted(values);
    // k counts from 0: all[k] lies above the median where at most k values lie below it.
    const auto coverage = [&](std::size_t k) {
        return std::max(0.0, 1 - 2 * binomial_tail(all.size(), k));
    };
    std::size_t k = 0;
    while (k + 1 < all.size() - 1 - (k + 1) && coverage(k + 1) >= wanted)
        ++k;
    return {all[k], all[all.size() - 1 - k], coverage(k)};
}

int values_to_settle(std::span<const double> values, double margin) {
    if (values.size() < 2 || !(margin > 0)) return 0;
    const double center = median(values);
    std::vector<double> deviations;
    for (const double value : values)
        deviations.push_back(std::abs(value - center));
    // 1.4826 MAD is the standard deviation of a normal distribution; the standard error of a median
    // is 1.2533 sigma / sqrt(n).
    const double sigma = 1.4826 * median(deviations);
    const double needed = std::ceil(std::pow(1.96 * 1.2533 * sigma / margin, 2));
    if (!(needed <= most_launches)) return 0;
    return std::max(static_cast<int>(values.size()) + 1, static_cast<int>(needed));
}

}  // namespace exportgate::bench
