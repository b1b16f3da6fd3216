"""What keeps a class from being tried, with what to do about it."""


class Problem(Exception):
    """`remedy`: an example of what to type, or where to go on by hand."""

    def __init__(self, what, remedy):
        super().__init__(what)
        self.what = what
        self.remedy = remedy
