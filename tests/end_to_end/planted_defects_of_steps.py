"""Defects that show only when a program is called in a loop, with what it returned or left."""


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
            r"^step \d+: differs from eager$",
            r"^step \d+: leaves other values in cache\.keys than eager$",
        )

    def test_a_lost_count(self):
        self.assert_only_steps_fails(
            "decodes_with_a_lost_count", r"^step \d+: does not mutate cache\.seen, as eager does$"
        )

    def test_a_lost_window(self):
        self.assert_only_steps_fails(
            "decodes_with_a_lost_window", r"^step \d+: differs from eager$"
        )

    def test_right_for_three_steps(self):
        self.assert_only_steps_fails(
            "decodes_right_for_three_steps", r"^step [234]: differs from eager$"
        )

    def test_memory_of_an_earlier_step(self):
        self.assert_only_steps_fails(
            "decodes_into_the_memory_of_an_earlier_step",
            r"^step 1: its outputs have other values after the last step than eager's$",
        )
