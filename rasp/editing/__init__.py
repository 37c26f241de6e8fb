"""What editors ask of a program that is being written: what is wrong with it, what a name is, where it comes from, what can
stand here. Nothing here knows an editor's protocol.
"""
