"""What was declared, notified and received, with two times on every fact; reconciliation and exchange."""
