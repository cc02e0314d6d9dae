"""What the values of a case file mean together: each module checks one part and builds it.

Every check adds what is wrong to the `Findings` and goes on with what is right, so that one run
reports all problems. Values reach `detente.case._model` only when there are none.
"""
