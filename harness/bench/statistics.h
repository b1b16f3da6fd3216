// The few statistics that the gate rests on. All of them are distribution-free: timings have no
// distribution that one could name.
#pragma once

#include <span>

namespace exportgate::bench {

/// The middle value; of an even number the mean of the two in the middle. NaN of none.
double median(std::span<const double> values);

struct Interval {
    double low;
    double high;
    double coverage;  // the probability that it covers the true median, at least; 0 of one value
};

/// The order-statistic interval of the median of what `values` were drawn from: between the k-th
/// smallest and the k-th largest, with the largest k that covers at least `wanted`, or with k = 1
/// where none does. Its coverage is exact for any continuous distribution, since the number of
/// values below the median is binomial (H. A. David and H. N. Nagaraja, Order Statistics, 3rd ed.,
/// section 7.1; W. J. Conover, Practical Nonparametric Statistics, section 3.2). NaN of none.
Interval median_interval(std::span<const double> values, double wanted = 0.95);

/// About how many values would bring the interval of the median within `margin` of it, judged by
/// the spread of those there are (median absolute deviation, as of a normal distribution). At
/// least one more than there are; 0 where it would be more than 999 or cannot be judged.
int values_to_settle(std::span<const double> values, double margin);

}  // namespace exportgate::bench
