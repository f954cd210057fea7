"""The charts of `nkplan chart`: from facts to numbers and a picture of them; pure."""
