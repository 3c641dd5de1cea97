from tests.test_permissions import *
def test_x(asked_county):
    w=walk(TABLE, asked_county); print(w.asked, w.acted, w.report())
