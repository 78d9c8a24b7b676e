"""Events as the order-management system posts them, and the payload as merchants get it."""
