"""What a register is: tables, code lists, identity numbers, import of exports, matching people, snapshots."""
