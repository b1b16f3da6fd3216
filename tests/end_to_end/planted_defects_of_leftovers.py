"""What finds the planted defects that values at the pairs do not show: what a call leaves besides
values, small and exact numbers, large gradients, fake kernels, and what hides a defect.

Part of planted_defect_cases_test.py, which has the cells and how they are looked at.
"""

# Nobody declared what these differ in, so it is a note.
NOTED = {
    "asks_for_autocast": ("traits", "under autocast: differs from eager"),
    "loses_a_word_that_has_its_default": (
        "pytree",
        "attribute layout: another value than 'usual' is not kept",
    ),
    "loses_an_attribute_that_has_its_default": (
        "pytree",
        "attribute seen: another value than 0 is not kept",
    ),
    "context_says_whether_it_is_empty": (
        "bounds",
        "length = 0: refused: the inputs have another structure there",
    ),
    "needs_memory_for_all_products": ("bounds", "batch = 1024: not tried: out of memory"),
}


class DefectsOfLeftovers:
    def assert_finds(self, check, reasons):
        for case, reason in reasons.items():
            self.assert_fails(f"{case}/*", check, reason)

    def test_what_nobody_declared_is_a_note(self):
        for case, (name, note) in NOTED.items():
            for cell_name, cell in self.matching(f"{case}/*"):
                check = next(check for check in cell["checks"] if check["name"] == name)
                self.assertEqual(check["status"], "pass", (cell_name, check))
                self.assertIn(note, check["notes"], cell_name)

    def test_annotations_are_looked_into_without_a_word(self):
        for cell_name, cell in self.matching("keeps_a_module_beside_the_model/*"):
            check = next(check for check in cell["checks"] if check["name"] == "run")
            self.assertEqual((check["status"], check["notes"]), ("pass", []), cell_name)

    # the check run: what a call leaves besides values

    def test_program_that_leaves_nothing_on_its_inputs(self):
        leaves = "does not leave an input as eager does: "
        self.assert_finds(
            "run",
            {
                "asks_keys_for_gradients": (
                    rf"{leaves}cache.key_cache\[0\], attribute requires_grad: False before, True"
                ),
                "leaves_a_gradient_on_x": f"{leaves}x, attribute grad: None before, a Tensor after",
                "leaves_an_attribute_on_x": f"{leaves}x, attribute seen appears",
            },
        )

    def test_program_that_leaves_nothing_on_the_model(self):
        changes = "does not change the model as eager does: attribute"
        self.assert_finds(
            "run",
            {
                "leaves_a_gradient_on_its_weight": f"{changes} weight.grad appears",
                "freezes_its_weight": f"{changes} weight.requires_grad: True before, False",
                "leaves_a_hook_on_itself": f"{changes} _forward_hooks appears",
                "leaves_a_hook_on_its_weight": f"{changes} weight.hooks appears",
                "counts_in_a_context_variable": rf"{changes} case_\w+.CALLS: another value",
                "counts_in_a_variable_of_the_thread": rf"{changes} case_\w+.SEEN: another value",
                "counts_in_a_class_beside_the_model": rf"{changes} case_\w+.Counts.calls: another",
                "counts_in_a_default_argument": rf"{changes} Model.forward\(\): another",
                "counts_in_an_array": rf"{changes} case_\w+.CALLS: a bytearray before, another one",
                "counts_in_a_member_of_an_enumeration": rf"{changes} case_\w+.How.FAST: another",
                "draws_from_a_generator_beside_the_model": (
                    rf"{changes} case_\w+.GENERATOR: a Generator before, another one after"
                ),
            },
        )

    def test_program_that_leaves_the_process_otherwise(self):
        self.assert_finds(
            "run",
            {
                "sets_an_environment_variable": (
                    r"does not leave os.environ\['EXPORTGATE_PLANTED'\] as 1, as eager does"
                ),
                "sets_the_recursion_limit": r"does not leave sys.getrecursionlimit\(\) as 4321",
                "leaves_fewer_digits": r"does not leave torch.set_printoptions\(\) as others",
                "leaves_a_mode_entered": "does not leave modes of torch functions that are entered",
                "leaves_a_name_in_torch": "does not leave torch.calls_of_the_model as set",
                "leaves_an_option_of_the_compiler": "does not leave settings of torch's compiler",
            },
        )

    def test_export_that_leaves_a_global_of_the_case_otherwise(self):
        self.assert_finds(
            "model",
            {
                "leaves_a_global_otherwise_after_the_export": (
                    r"attribute case_\w+.LIMIT\[0\]: 1.0 before, 2.0 after"
                )
            },
        )

    def test_returned_tensors_and_caches_that_lose_what_they_carry(self):
        self.assert_finds(
            "run",
            {
                "returns_a_tensor_with_an_attribute": (
                    "returns another tensor than eager: output 0, attribute scale is lost"
                ),
                "returned_cache_loses_a_property": (
                    r"output\[1\], attribute seen: 5 in eager, 0 in the program"
                ),
            },
        )

    def test_property_that_is_kept_elsewhere(self):
        self.assert_finds(
            "pytree",
            {
                "keeps_its_scale_in_a_weak_dictionary": "attribute scale: 0.5 before, 1.0 after",
                "returned_cache_loses_a_property": "attribute seen: 5 before, 0 after",
            },
        )

    # the check run: numbers

    def test_program_that_computes_in_a_smaller_dtype(self):
        differs = "pair b3c5: differs from eager"
        self.assert_finds(
            "run",
            {
                "computes_counts_in_int32": differs,
                "squares_counts_in_int32": differs,
                "computes_in_float32": differs,
                "keeps_a_factor_in_float32": differs,
            },
        )

    def test_program_that_is_wrong_below_the_absolute_tolerance(self):
        differs = "pair b3c5: differs from eager"
        self.assert_finds("run", {"drops_small_values": differs, "doubles_small_values": differs})

    def test_program_that_is_wrong_from_a_late_call_on(self):
        self.assert_finds(
            "run",
            {
                "is_another_from_its_eighth_call": "call 8 in a row: differs from eager",
                "is_another_from_its_tenth_call": "call 10 in a row: differs from eager",
            },
        )

    def test_program_that_draws_random_numbers_and_is_wrong_besides(self):
        differs = "pair b3c5: differs from eager"
        self.assert_finds(
            "run", {"draws_and_computes_something_else": differs, "drops_other_shares": differs}
        )

    def test_program_that_takes_other_constants_than_those_of_the_export(self):
        self.assert_finds(
            "run",
            {
                "takes_any_string_for_that_of_the_export": (
                    r"constants \(how = 'causal_'\): differs from eager"
                ),
                "takes_any_flag_for_that_of_the_export": (
                    r"constants \(negate = False\): differs from eager"
                ),
            },
        )

    # the check traits

    def test_gradients_that_are_others_when_they_are_large(self):
        large = "x: another gradient than eager, from large ones"
        self.assert_finds(
            "traits",
            {
                "exports_without_clipping_of_gradients": large,
                "exports_without_a_backward_of_its_own": large,
                "leaves_a_hook_on_its_output": "output 0: 0 hooks of autograd, eager 1",
            },
        )

    def test_fake_kernels_that_lie(self):
        self.assert_finds(
            "traits",
            {
                "fake_kernel_of_another_dtype": (
                    "operator exportgate_planted.rounded.default: returns float32, its fake kernel "
                    "float64"
                ),
                "fake_kernel_of_another_shape": (
                    "operator exportgate_planted.largest.default: returns 6 in dim 0, its fake "
                    "kernel 7"
                ),
                "fake_kernel_of_another_length": (
                    "operator exportgate_planted.without_the_first.default: returns 4 in dim 2, "
                    "its fake kernel 5"
                ),
                "fake_kernel_on_another_device": (
                    "operator exportgate_planted.on_meta.default: returns a tensor on cpu, its "
                    "fake kernel meta"
                ),
                "operator_writes_undeclared": (
                    "operator exportgate_planted.add_to_keys.default: writes into its argument "
                    "keys and does not say so"
                ),
            },
        )

    # values, extents and layouts that random ones at the pairs do not show

    def test_program_that_is_wrong_for_few_values_or_extents(self):
        differs = "differs from eager"
        self.assert_finds(
            "run",
            {
                "rounds_halves_up": rf"edges \(round\): {differs}",
                "is_wrong_for_hundreds": rf"edges \(moderate\): {differs}",
                "is_wrong_for_tiles_of_sixteen": f"extents batch=32 length=16: {differs}",
                "takes_ids_for_eight_bits": rf"edges \(beyond\): {differs}",
                "takes_ids_in_order_for_none": rf"edges \(ascending\): {differs}",
                "reads_how_heads_are_laid_out": rf"layout \(heads\): {differs}",
                "reads_whether_only_values_are_strided": (
                    rf"layout \(the first of two transposed\): {differs}"
                ),
            },
        )

    def test_gradients_that_differ_where_numbers_are_equal(self):
        another = r"with ties and zeros: cache.key_cache\[0\]: another gradient than eager"
        self.assert_finds(
            "traits",
            {"has_another_gradient_at_ties": another, "has_no_gradient_at_zero": another},
        )

    def test_output_that_is_read_otherwise(self):
        conjugated = r"output 1: is_conj\(\) is False, eager True"
        self.assert_finds("traits", {"returns_what_is_conjugated": conjugated})

    # what hides a defect

    def test_tensors_that_say_that_they_are_equal(self):
        differs = "pair b3c5: differs from eager"
        self.assert_finds(
            "run",
            {
                "returns_a_tensor_that_is_equal_to_all": differs,
                "returns_a_tensor_that_hides_its_values": differs,
            },
        )

    def test_libraries_that_replace_what_makes_programs(self):
        self.assert_fails("replaces_what_makes_a_module/*", "run", "pair b3c5: differs from eager")
        self.assert_fails(
            "replaces_what_runs_decompositions/*", "decompose", "pair b3c5: differs from eager"
        )

    def test_make_inputs_that_gives_other_values(self):
        gives = "make_inputs gives other values than those of"
        self.assert_finds(
            "run",
            {
                "gives_zeros_at_other_extents": rf"extents batch=.*: {gives} cache.key_cache\[0\]",
                "gives_other_values_in_later_calls": rf"{gives} cache.value_cache\[0\]",
            },
        )
