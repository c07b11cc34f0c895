"""Days as people type them, in Chinese and English: numbers, words, and what can be read in two ways."""
