# Databricks notebook source
all_rules = {"orders": {"has id": "id IS NOT NULL", "paid": "amount > 0"}, "customers": {"named": "name <> ''"}}


def rules_for(name):
    return all_rules.get(name, {})
