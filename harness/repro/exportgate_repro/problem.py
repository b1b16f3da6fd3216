"""What keeps a cell from being shown by a script, with what to do about it."""


class Problem(Exception):
    def __init__(self, what, remedy):
        super().__init__(what)
        self.what = what
        self.remedy = remedy
