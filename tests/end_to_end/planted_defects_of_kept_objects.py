"""What finds the planted defects of objects: what is one and becomes two, what is kept elsewhere
than in the model, what an export or a refused call leaves.

Part of planted_defect_cases_test.py, which has the cells and how they are looked at.
"""


class DefectsOfKeptObjects:
    def test_class_that_loses_more_than_values(self):
        kept = "attribute kept, attribute"
        self.assert_finds(
            "pytree",
            {
                "one_list_becomes_two": "attribute logged: the same list as seen before only",
                "deque_loses_its_length": r"recent, attribute \(maxlen\): 2 before, None after",
                "buffer_becomes_an_attribute": rf"{kept} \(buffers\) is lost",
                "buffer_is_saved_after_unflatten": rf"{kept} \(buffers that are not saved\) is",
                "minus_zero_becomes_zero": "attribute bias: -0.0 before, 0.0 after",
            },
        )

    def test_program_that_returns_other_objects(self):
        self.assert_finds(
            "traits",
            {
                "returns_the_memory_of_the_call_before": "output 1: in the same memory",
                "returns_one_cache_as_two": (
                    r"output\[1\]: the same LayeredCache as output\[0\] in eager only"
                ),
                "exports_without_a_gradient_at_the_other_pair": (
                    "pair b4c11: x: another gradient than eager"
                ),
            },
        )

    def test_program_that_leaves_the_process_as_it_is(self):
        leaves = "does not leave"
        self.assert_finds(
            "run",
            {
                "counts_in_a_helper_module": "attribute counting.CALLS: another value after each",
                "leaves_another_folder": rf"{leaves} os.getcwd\(\) as /, as eager does",
                "leaves_a_backend_off": f"{leaves} torch.backends.mkldnn.enabled as False",
                "leaves_a_function_of_torch_replaced": (
                    f"{leaves} torch.nn.functional.hardtanh as another function"
                ),
            },
        )

    def test_program_that_is_wrong_where_few_look(self):
        self.assert_finds(
            "run",
            {
                "clamps_int8": r"edges \(largest\): differs from eager",
                "takes_rows_of_minus_infinity_otherwise": (
                    r"edges \(rows of minus infinity\): differs from eager"
                ),
                "is_far_from_what_varies": "output 0: 1000 times as far from eager as eager is",
                "writes_before_it_refuses": (
                    r"raises as eager does, but has written into cache.key_cache\[0\] before"
                ),
            },
        )

    def test_export_that_leaves_a_patch(self):
        self.assert_finds(
            "model",
            {
                "leaves_a_submodule_swapped_by_the_export": (
                    r"attribute bounds \(its class\): the class Hardtanh before, the class Ident"
                ),
                "leaves_its_class_patched_by_the_export": r"attribute Model.bounded\(\): a code",
                "leaves_torch_patched_by_the_export": (
                    "torch.nn.functional.hardtanh: torch's before, another function after"
                ),
            },
        )
