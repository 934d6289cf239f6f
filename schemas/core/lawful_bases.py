"""On what basis a section is passed on."""

from __future__ import annotations

# Routine sharing rests on public task, never on a consent tick.
PUBLIC_TASK = "UK GDPR Art. 6(1)(e), public task: education and training of young people"
PARTICIPATION = f"{PUBLIC_TASK}; Education and Skills Act 2008 s.14 and s.72"
EQUALITY = (
    f"{PUBLIC_TASK}; special category data: Art. 9(2)(g) with Data Protection Act 2018 Sch. 1 para 8 "
    "(equality of opportunity); Children and Families Act 2014 s.66"
)
STATUTORY_SEND = (
    f"{PUBLIC_TASK}; special category data: Art. 9(2)(g) with Data Protection Act 2018 Sch. 1 para 6 "
    "(statutory purposes); Children and Families Act 2014; SEND Regulations 2014"
)
CHILD_SAFETY = (
    f"{PUBLIC_TASK}; special category data: Art. 9(2)(g) with Data Protection Act 2018 Sch. 1 para 18 "
    "(safeguarding of children and individuals at risk); Keeping children safe in education"
)
CHILD_SAFETY_AND_JUSTICE = f"{CHILD_SAFETY}; youth justice: Art. 10 with Sch. 1 para 18"
