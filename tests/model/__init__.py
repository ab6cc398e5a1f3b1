"""The small core of the product, checked in every state that it can come to: the work table, the timer's lease and the
versions of one page, with two workers, changes in Jira, a person who edits the page, and faults.

``state`` and ``rules`` say what there is, ``work_table``, ``stages``, ``visit`` and ``world`` what can happen, ``laws``
what must hold, ``explore`` goes through all of it, ``planted`` breaks it on purpose, and ``alongside`` leads the real
product along the model's stories. docs/proof-model.md says what is left out.
"""
