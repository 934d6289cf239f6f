"""The sample's invented learners: who they are, and the answers their schools give about them."""
