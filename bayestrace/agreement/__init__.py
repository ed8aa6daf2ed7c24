"""How far coders agree: in what they stated, and in what would follow from each of them."""
