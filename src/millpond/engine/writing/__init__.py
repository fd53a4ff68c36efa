"""What each kind of flow writes into its table or sink, once."""
