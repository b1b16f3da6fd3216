"""Defects that show only when a program is called in a loop, with what it returned or left."""

import re


class DefectsOfSteps:
    """Of PlantedDefectCases. No other check sees them: each call by itself is right."""

    def assert_only_steps_fails(self, case, *reasons):
        for reason in reasons:
            self.assert_fails(f"{case}/*", "steps", reason)
        for name, cell in self.matching(f"{case}/*"):
            self.assertEqual(list(self.failures(cell)), ["steps"], name)

    def test_a_ring_that_wraps_at_the_wrong_place(self):
        self.assert_only_steps_fails(
            "decodes_with_a_wrong_wrap",
            r"^step \d+: y differs from eager \(largest difference [\d.e-]+\)$",
            r"^step \d+: leaves other values in cache\.keys than eager \(largest .*\)$",
        )

    def test_a_lost_count(self):
        self.assert_only_steps_fails(
            "decodes_with_a_lost_count", r"^step \d+: does not mutate cache\.seen, as eager does$"
        )

    def test_a_lost_window(self):
        self.assert_only_steps_fails(
            "decodes_with_a_lost_window",
            r"^step \d+: y differs from eager \(largest difference [\d.e-]+\)$",
        )

    def test_right_for_three_steps(self):
        self.assert_only_steps_fails(
            "decodes_right_for_three_steps",
            r"^step [234]: y differs from eager \(largest difference [\d.e-]+\)$",
        )

    def test_memory_of_an_earlier_step(self):
        self.assert_only_steps_fails(
            "decodes_into_the_memory_of_an_earlier_step",
            r"^step 1: its outputs have other values after the last step than eager's$",
        )

    def test_a_cache_object_of_an_earlier_step(self):
        for case, first in (("reuses_caches_of_a_pool", 6), ("reuses_the_oldest_cache", 9)):
            self.assert_only_steps_fails(
                case,
                r"^step \d+: returns the cache object of step \d+ again, eager does not$",
            )
            for _, cell in self.matching(f"{case}/*"):
                step = int(re.match(r"step (\d+)", self.failures(cell)["steps"][0])[1])
                self.assertLessEqual(step, first + 1)

    def test_what_run_says_of_infinities_or_large_values_hides_nothing(self):
        for case, edges in (
            ("wrong_in_a_loop_and_at_the_edge", "infinities"),
            ("wrong_in_a_loop_and_of_large_values", "largest"),
        ):
            self.assert_fails(f"{case}/*", "run", rf"^edges \({edges}\): differs from eager$")
            self.assert_fails(f"{case}/*", "steps", r"^step 10: y differs from eager \(largest")

    def test_a_loop_that_hands_nothing_on_is_an_error_of_the_case(self):
        for case in ("hands_on_nothing", "hands_on_nothing_and_counts"):
            for name, cell in self.matching(f"{case}/*"):
                self.assertEqual(cell["rejected"]["stage"], "eager", name)
                self.assertRegex(
                    cell["rejected"]["message"],
                    r"^\[steps\]: in 8 calls the model changes nothing in cache: if it returns "
                    "what comes next, write returned instead of in_place$",
                )
                self.assertRegex(cell["rejected"]["place"], rf"^{case}/case\.toml:\d+$")

    def test_a_loop_of_one_call_is_an_error_of_the_case(self):
        for case, why in (
            ("has_no_second_call", "the case does not allow the extents that it takes"),
            ("has_no_second_count", "what counts up is at its highest value"),
        ):
            self.assert_rejected(
                f"{case}/*", "eager", rf"^\[steps\]: there is no second call: {why}$"
            )

    def test_a_name_that_begins_with_that_of_another_leaf(self):
        self.assert_fails(
            "name_begins_with_that_of_another_leaf/*", "run", "^raises SyntaxError: invalid syntax"
        )
