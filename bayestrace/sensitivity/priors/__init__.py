"""What another prior would have made of the same evidence.

`profiles` asks it of the study's own standpoints, `simplex` of every prior over the explanations, `raising` of one
explanation's prior after the other, `pools` of how far cases may share their explanation.
"""
