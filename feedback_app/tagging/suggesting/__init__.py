"""From free text to causes: a lexicon that knows three languages, and a learner beside it.

text.py reads words, patterns.py and lexicon.py find phrases in them, examples.py holds the
shipped statements, learner.py trains, store.py keeps models, tagger.py joins all of it into
suggestions, evaluation.py says how good they are. scikit-learn and NumPy are imported inside
functions: the page server never loads them.
"""
