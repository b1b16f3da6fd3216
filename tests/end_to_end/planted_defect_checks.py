"""Which checks the tests of the planted defects name: the others need not be carried out."""

import collections
import unittest


def checks_that_are_named(tests, left_out):
    """Case -> the checks that its tests name. A case is not there if a test looks at its cells
    itself, or if no test names it.

    Each test of the class `tests` is called, except for those of `left_out`, with assertions that
    only take down what they are asked.
    """
    named, looked_at = collections.defaultdict(set), set()

    def case_of(pattern):
        return pattern.split("/")[0]

    class Asked(tests):
        def assert_fails(self, pattern, check, _reason):
            named[case_of(pattern)].add(check)

        def assert_passes(self, pattern, *checks):
            named[case_of(pattern)].update(checks)

        def assert_rejected(self, pattern, *_):
            # A run carries out one at least. `steps` is tried before the export.
            named[case_of(pattern)].update(("dims", "steps"))

        def matching(self, pattern):
            looked_at.add(case_of(pattern))
            return ()

    for name in unittest.defaultTestLoader.getTestCaseNames(Asked):
        if name not in left_out:
            getattr(Asked(name), name)()
    return {case: checks for case, checks in named.items() if case not in looked_at}
