"""Ask coders what they make of the evidence, and take in what they send back.

`asked` says what is asked as plain data; `workbook` and `form` write it for a coder; `returned` opens what came back,
`taken` holds it against the study, and `added` puts it there.
"""
